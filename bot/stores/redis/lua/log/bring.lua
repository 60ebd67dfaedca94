-- ARGV: how many entries went before, for how many milliseconds they are kept, then entries.
-- Entries that are there already are those of a try whose answer was lost.
for i = redis.call('XLEN', KEYS[1]) - ARGV[1] + 1, #ARGV - 2 do
  redis.call('XADD', KEYS[1], string.format('%d-0', ARGV[1] + i), 'entry', ARGV[i + 2])
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
