-- KEYS: the record, the mark. ARGV: person. Gives how many records went, 0 when it is another's by now.
local forgotten = 0
if redis.call('HGET', KEYS[1], 'person') == ARGV[1] then
  forgotten = redis.call('DEL', KEYS[1])
end
-- For longer than a write may take that began before.
redis.call('SET', KEYS[2], table.concat(redis.call('TIME'), '.'), 'EX', 60)
return forgotten
