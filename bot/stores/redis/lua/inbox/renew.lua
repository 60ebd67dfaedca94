-- ARGV: for how many milliseconds from now, then ids and tokens in turn.
-- Gives the tokens that still hold their message.
local held = {}
for i = 3, #ARGV, 2 do
  local message = holding(ARGV[i], ARGV[i + 1], '')
  if message then
    lend(message.permit, ARGV[2])
    held[#held + 1] = message.token
  end
end
return held
