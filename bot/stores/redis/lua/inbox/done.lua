-- ARGV: id, token, for how many milliseconds the id stays known, and the reply, then the reply or nothing.
local act = 'done:' .. ARGV[3]
local message, before = holding(ARGV[2], ARGV[3], act)
if not message then
  return before
end
let_go(message, act)
leave(message)
erase(message.id, ARGV[4])
keep_reply(message.id, ARGV[6], ARGV[5])
index(message.person, message.id, ARGV[6] and now() + ARGV[5] * 1000)
offer(message.thread)
return 1
