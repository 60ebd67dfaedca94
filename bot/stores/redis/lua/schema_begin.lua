-- ARGV: the schema known, who asks, for how many milliseconds the lock lasts.
-- Gives the schema stored, and 1 if it is older and for the caller to bring one step further.
local known = tonumber(ARGV[1])
redis.call('SET', KEYS[1], ARGV[1], 'NX')
local stored = tonumber(redis.call('GET', KEYS[1]))
if stored >= known then
  return { tostring(stored), '0' }
end
redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3])
return { tostring(stored), redis.call('GET', KEYS[2]) == ARGV[2] and '1' or '0' }
