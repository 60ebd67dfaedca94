-- ARGV: in how many milliseconds a new group expires or 0, then names and amounts in turn. Gives the new sums.
local new = redis.call('EXISTS', KEYS[1]) == 0
local sums = {}
for i = 2, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
  -- Read again, because a large number loses digits on its way through Lua.
  sums[#sums + 1] = redis.call('HGET', KEYS[1], ARGV[i])
end
if new and ARGV[1] ~= '0' then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
end
return sums
