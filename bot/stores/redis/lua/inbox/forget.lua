-- ARGV: person, for how many milliseconds an id stays known, the latest time at which what still waits was put, or "inf".
-- Gives how many messages were erased.
local person, latest = ARGV[2], tonumber(ARGV[4]) or math.huge
local forgotten = 0

local function expired(permit)
  return redis.call('XPENDING', PERMITS, GROUP, permit, permit, 1)[1][3] >= IDLE
end

for _, id in ipairs(redis.call('ZRANGE', ARGV[1] .. 'person:' .. person, 0, -1)) do
  local values = redis.call('HMGET', message_key(id), 'state', 'thread', 'token', 'permit', 'put')
  local state = values[1]
  local message = { id = id, person = person, thread = values[2], token = values[3], permit = values[4] }
  local waits = state == 'open' or state == 'held'
  if (state ~= 'held' or expired(message.permit)) and not (waits and tonumber(values[5]) > latest) then
    if state == 'held' then
      let_go(message, 'forget')
      leave(message)
      offer(message.thread)
    elseif state == 'open' then
      -- Only its head decides whether and when a thread is ready.
      local head = redis.call('LINDEX', thread_key(message.thread), 0) == id
      if head then
        withdraw(message.thread)
      end
      leave(message)
      if head then
        offer(message.thread)
      end
    elseif state == 'dead' then
      redis.call('ZREM', DEAD, id)
    end
    if state and state ~= 'done' then
      erase(id, ARGV[3])
      forgotten = forgotten + 1
    end
    redis.call('DEL', reply_key(id))
    index(person, id, nil)
  end
end
-- What an older program ended stands in it still.
redis.call('DEL', turns_key(person))
return forgotten
