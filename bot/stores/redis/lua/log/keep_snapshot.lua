-- ARGV: the snapshot's length, its body. A replica that is behind must not put an older one in place of a newer.
local kept = redis.call('HGET', KEYS[1], 'length')
if kept and tonumber(kept) > tonumber(ARGV[1]) then
  return 0
end
redis.call('HSET', KEYS[1], 'length', ARGV[1], 'body', ARGV[2])
return 1
