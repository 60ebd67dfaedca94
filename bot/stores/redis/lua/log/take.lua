-- KEYS: the stream, the entries that were brought, the stream's snapshot. ARGV: how many entries there must be.
-- Gives -1 when they are the stream now, the number of entries when it is not empty.
local length = redis.call('XLEN', KEYS[1])
if length > 0 then
  redis.call('DEL', KEYS[2])
  return length
end
if redis.call('XLEN', KEYS[2]) ~= tonumber(ARGV[1]) then
  return redis.error_reply('ERR the entries to restore expired before all of them were brought')
end
if ARGV[1] ~= '0' then
  redis.call('RENAME', KEYS[2], KEYS[1])
  redis.call('PERSIST', KEYS[1])
end
-- A snapshot of what used to be the stream says nothing about this one.
redis.call('DEL', KEYS[3])
return -1
