-- Gives of each entry of the index its id and till when it stays there.
return redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
