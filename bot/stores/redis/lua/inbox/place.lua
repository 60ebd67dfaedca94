-- ARGV: id. Gives how many messages that wait have a lower turn, and 1 for itself; 0 when it does not wait.
local id = ARGV[2]
if redis.call('HGET', message_key(id), 'state') ~= 'open' then
  return 0
end
return redis.call('ZCOUNT', WAITING, '-inf', '(' .. exact(turn_of(id))) + 1
