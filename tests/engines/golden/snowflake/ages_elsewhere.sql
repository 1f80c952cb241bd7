SELECT
  "t6"."spoke",
  "t6"."number",
  COUNT(*) AS "records"
FROM (
  SELECT
    CASE WHEN "t5"."f0" = 1 THEN 0 ELSE -1 END AS "spoke",
    CASE WHEN "t5"."f0" = 1 THEN "t5"."d0" ELSE NULL END AS "number"
  FROM (
    SELECT
      "t0"."took" AS "k0"
    FROM "users" AS "t0"
  ) AS "t2"
  LEFT OUTER JOIN (
    SELECT
      "t3"."key" AS "r0",
      MAX("t3"."d0") AS "d0",
      MAX("t3"."f0") AS "f0"
    FROM (
      SELECT
        "t0"."id" AS "key",
        IFF(NOT "t0"."born" IS NULL, 1, 0) AS "f0",
        DATEDIFF(DAY, DATE_FROM_PARTS(1970, 1, 1), "t0"."born") AS "d0"
      FROM "users" AS "t0"
    ) AS "t3"
    GROUP BY
      1
  ) AS "t5"
    ON "t2"."k0" = "t5"."r0"
) AS "t6"
GROUP BY
  1,
  2
