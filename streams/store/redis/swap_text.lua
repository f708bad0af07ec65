-- Puts a text in the place of another.
-- KEYS 1 where   ARGV 1 what stands there, 2 what is to stand there ("": nothing)   gives 1, or 0 where something else stands there
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[2])
end
return 1
