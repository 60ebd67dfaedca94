-- Gives the schema stored, 0 where there is none.
return tonumber(redis.call('GET', KEYS[1]) or '0')
