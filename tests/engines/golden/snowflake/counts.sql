SELECT
  COUNT(*) AS "records",
  COUNT("t0"."mail") AS "c0",
  COUNT("t0"."who") AS "c1"
FROM "users" AS "t0"
