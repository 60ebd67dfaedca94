redis.call('SET', KEYS[1], 'x', 'EX', 60)
return redis.call('STRLEN', KEYS[1])
