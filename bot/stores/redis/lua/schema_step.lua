-- ARGV: the schema that was migrated, by whom. Notes the next one, and lets go of the lock.
-- Nothing is changed by a replica whose lock ran out and was taken: the other migrates anew.
if redis.call('GET', KEYS[2]) ~= ARGV[2] then
  return 0
end
redis.call('SET', KEYS[1], tonumber(ARGV[1]) + 1)
return redis.call('DEL', KEYS[2])
