-- Gives how many messages are open, held, dead, and for how many microseconds the oldest has been open.
local oldest = redis.call('ZRANGE', OPEN, 0, 0, 'WITHSCORES')[2]
return {
  tostring(redis.call('ZCARD', OPEN)),
  tostring(redis.call('HLEN', HELD)),
  tostring(redis.call('ZCARD', DEAD)),
  exact(oldest and math.max(0, now() - oldest) or 0),
}
