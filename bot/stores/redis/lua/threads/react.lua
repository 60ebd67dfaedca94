-- KEYS: the turns' ids, what was said. ARGV: id, person, reaction.
-- Gives the turn and the reaction before, or an empty text; nothing when the person has no such turn.
local id = ARGV[1]
local said = redis.call('HMGET', KEYS[2], 'turn:' .. id, 'person:' .. id, 'reaction:' .. id)
if said[2] ~= ARGV[2] then
  return {}
end
redis.call('HSET', KEYS[2], 'reaction:' .. id, ARGV[3])
return { said[1], said[3] or '' }
