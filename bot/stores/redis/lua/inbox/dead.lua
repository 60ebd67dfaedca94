-- ARGV: how many at most, how many to skip.
-- Gives of each dead letter, the oldest first, id, person, channel, attempts, reason, when.
local flat = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', DEAD, '-inf', '+inf', 'LIMIT', ARGV[3], ARGV[2])) do
  flat[#flat + 1] = id
  for _, value in ipairs(redis.call('HMGET', message_key(id), 'person', 'channel', 'attempts', 'reason', 'ended')) do
    flat[#flat + 1] = value
  end
end
return flat
