SELECT
  "t2"."spoke",
  "t2"."number",
  COUNT(*) AS "records"
FROM (
  SELECT
    CASE WHEN "t1"."f0" = 1 THEN 0 WHEN "t1"."f1" = 1 THEN 1 ELSE -1 END AS "spoke",
    CASE WHEN "t1"."f0" = 1 THEN "t1"."d0" WHEN "t1"."f1" = 1 THEN "t1"."d1" ELSE NULL END AS "number"
  FROM (
    SELECT
      IF(NOT "t0"."born" IS NULL, 1, 0) AS "f0",
      IF(NOT "t0"."took" IS NULL, 1, 0) AS "f1",
      DATE_DIFF(
        'DAY',
        DATE_TRUNC('DAY', FROM_ISO8601_DATE('1970-01-01')),
        DATE_TRUNC('DAY', "t0"."born")
      ) AS "d0",
      IF(
        ABS(CAST("t0"."took" AS DOUBLE) / CAST(1000.0 AS DOUBLE)) < 100000000000,
        CAST(FLOOR(
          CAST((
            CAST("t0"."took" AS DOUBLE) / CAST(1000.0 AS DOUBLE)
          ) AS DOUBLE) / 86400
        ) AS BIGINT),
        CAST(NULL AS BIGINT)
      ) AS "d1"
    FROM "users" AS "t0"
  ) AS "t1"
) AS "t2"
GROUP BY
  1,
  2
