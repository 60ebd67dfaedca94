-- KEYS: the record, the mark. Gives the revision, 0 for none, and the mark or an empty text.
return { redis.call('HGET', KEYS[1], 'revision') or '0', redis.call('GET', KEYS[2]) or '' }
