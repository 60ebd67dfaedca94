-- ARGV: the number of entries expected, the entry. Gives -1 when it is there now, the number of entries when it is not.
local length = redis.call('XLEN', KEYS[1])
local id = string.format('%d-0', ARGV[1] + 1)
if length == tonumber(ARGV[1]) then
  redis.call('XADD', KEYS[1], id, 'entry', ARGV[2])
  return -1
end
-- The caller's own earlier try may have worked although its answer was lost.
local there = redis.call('XRANGE', KEYS[1], id, id)[1]
if there and there[2][2] == ARGV[2] then
  return -1
end
return length
