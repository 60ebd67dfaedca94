-- KEYS: the turns' ids, what was said, the mark. ARGV: the mark as it was, id, person, turn, turns kept, for how many
-- milliseconds. Gives 1 when the turn is there, 0 when the mark is another now.
local id = ARGV[2]
if (redis.call('GET', KEYS[3]) or '') ~= ARGV[1] then
  return 0
end
if redis.call('HEXISTS', KEYS[2], 'turn:' .. id) == 1 then
  return 1
end
redis.call('RPUSH', KEYS[1], id)
redis.call('HSET', KEYS[2], 'turn:' .. id, ARGV[4], 'person:' .. id, ARGV[3])
while redis.call('LLEN', KEYS[1]) > tonumber(ARGV[5]) do
  local oldest = redis.call('LPOP', KEYS[1])
  redis.call('HDEL', KEYS[2], 'turn:' .. oldest, 'person:' .. oldest, 'reaction:' .. oldest)
end
redis.call('PEXPIRE', KEYS[1], ARGV[6])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
return 1
