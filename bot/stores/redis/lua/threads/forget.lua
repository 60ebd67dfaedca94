-- KEYS: the turns' ids, what was said, the mark. ARGV: person. Gives how many turns went.
local forgotten = 0
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do
  if redis.call('HGET', KEYS[2], 'person:' .. id) == ARGV[1] then
    redis.call('LREM', KEYS[1], 1, id)
    redis.call('HDEL', KEYS[2], 'turn:' .. id, 'person:' .. id, 'reaction:' .. id)
    forgotten = forgotten + 1
  end
end
-- For longer than an append may take that began before.
redis.call('SET', KEYS[3], table.concat(redis.call('TIME'), '.'), 'EX', 60)
return forgotten
