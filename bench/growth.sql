-- Fills the store with so many more devices (:more), ten to a user, each with a token, five links and their twin, as the cloud itself writes them.
BEGIN;
CREATE TEMP TABLE fresh ON COMMIT DROP AS
SELECT gen_random_uuid() AS device, gen_random_uuid() AS family, n / 10 AS owner, 621355968000000000 + (extract(epoch from now()) * 10000000)::bigint AS now
FROM generate_series(0, :more - 1) AS n;
CREATE TEMP TABLE owners ON COMMIT DROP AS SELECT owner, gen_random_uuid() AS id FROM (SELECT DISTINCT owner FROM fresh) AS all_owners;
INSERT INTO user_rows ("Id", "Erased") SELECT id, false FROM owners;
INSERT INTO devices ("Id", "UserId", "RegisteredAt", "Online", "Session", "TwinEnabled", "LastIns")
SELECT device, id, now, false, 0, true, 5 FROM fresh JOIN owners USING (owner);
INSERT INTO token_families ("Id", "UserId", "DeviceId", "SignedIn", "LastGeneration", "CreatedAt")
SELECT family, id, device, true, 1, now FROM fresh JOIN owners USING (owner);
INSERT INTO token_generations ("FamilyId", "Number", "FromRegistration", "State", "AccessHash", "AccessExpiresAt", "RefreshHash")
SELECT family, 1, true, 1, sha256(uuid_send(family)), now + 36000000000, sha256(uuid_send(device)) FROM fresh;
INSERT INTO links ("DeviceId", "Ins", "UserId", "Href", "Rt", "If", "Bm")
SELECT device, ins, id, '/light/' || ins, '["oic.r.switch.binary"]', '["oic.if.a","oic.if.baseline"]', 3
FROM fresh JOIN owners USING (owner) CROSS JOIN generate_series(1, 5) AS ins;
INSERT INTO twins ("DeviceId", "Href", "ChangedAt", "ContentFormat", "Representation", "Session")
SELECT device, href, now, 10000, '\xbf6576616c7565f4ff', 1 FROM fresh CROSS JOIN unnest(ARRAY['/oic/d', '/oic/p', '/light/1', '/light/2', '/light/3', '/light/4', '/light/5']) AS href;
COMMIT;
VACUUM (ANALYZE) user_rows, twins, devices, token_families, token_generations, links;
