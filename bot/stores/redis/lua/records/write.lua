-- KEYS: the record, the mark. ARGV: the revision expected, the mark as it was, body, person, for how many milliseconds,
-- what this write is known by. Gives 1 when the record is written, 0 when it has another revision, -1 when the mark is
-- another now.
local revision = string.format('%d', ARGV[1] + 1)
-- An earlier try may have worked although its answer was lost, and others may have written since.
if redis.call('HGET', KEYS[1], 'write:' .. revision) == ARGV[6] then
  return 1
end
if (redis.call('HGET', KEYS[1], 'revision') or '0') ~= ARGV[1] then
  return 0
end
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then
  return -1
end
redis.call('HSET', KEYS[1], 'body', ARGV[3], 'person', ARGV[4], 'revision', revision, 'write:' .. revision, ARGV[6])
-- More writes than these do not get in between two tries.
redis.call('HDEL', KEYS[1], 'write:' .. string.format('%d', revision - 100))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return 1
