return redis.call('XLEN', KEYS[1])
