-- ARGV: id, for how many milliseconds it stays known. Gives 1, or 0 when there is no such dead letter.
local id = ARGV[2]
if redis.call('ZREM', DEAD, id) == 0 then
  return 0
end
local person = redis.call('HGET', message_key(id), 'person')
erase(id, ARGV[3])
redis.call('HDEL', message_key(id), 'act')
redis.call('DEL', reply_key(id))
index(person, id, nil)
return 1
