SELECT
  *
FROM (
  SELECT
    *
  FROM (
    SELECT
      SUBSTRING(`t0`.`mail`, IF((
        0 + 1
      ) >= 1, 0 + 1, 0 + 1 + LENGTH(`t0`.`mail`)), 100001) AS `c0`,
      SUBSTRING(
        CAST(`t0`.`made` AS STRING),
        IF((
          0 + 1
        ) >= 1, 0 + 1, 0 + 1 + LENGTH(CAST(`t0`.`made` AS STRING))),
        100001
      ) AS `c1`,
      `t0`.`who` AS `c2`
    FROM `users` AS `t0`
  ) AS `t1`
  WHERE
    RAND() <= 0.00225
) AS `t2`
ORDER BY
  RAND() ASC NULLS LAST
LIMIT 1500
