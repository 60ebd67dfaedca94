-- ARGV: the first position, the number of entries at most.
local bodies = {}
for i, entry in ipairs(redis.call('XRANGE', KEYS[1], ARGV[1] .. '-0', '+', 'COUNT', ARGV[2])) do
  bodies[i] = entry[2][2]
end
return bodies
