-- ARGV: id. Gives the message's state, then the reply if one is kept; nothing when the id is not known.
local state = redis.call('HGET', message_key(ARGV[2]), 'state')
if not state then
  return {}
end
return { state, redis.call('GET', reply_key(ARGV[2])) or nil }
