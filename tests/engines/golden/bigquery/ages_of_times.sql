SELECT
  `t2`.`spoke`,
  `t2`.`number`,
  COUNT(*) AS `records`
FROM (
  SELECT
    CASE WHEN `t1`.`f0` = 1 THEN 0 WHEN `t1`.`f1` = 1 THEN 1 ELSE -1 END AS `spoke`,
    CASE WHEN `t1`.`f0` = 1 THEN `t1`.`d0` WHEN `t1`.`f1` = 1 THEN `t1`.`d1` ELSE NULL END AS `number`
  FROM (
    SELECT
      IF(NOT `t0`.`seen` IS NULL, 1, 0) AS `f0`,
      IF(NOT `t0`.`made` IS NULL, 1, 0) AS `f1`,
      IF(
        ABS(CAST(UNIX_SECONDS(`t0`.`seen`) AS FLOAT64)) < 100000000000,
        CAST(FLOOR(IEEE_DIVIDE(CAST(UNIX_SECONDS(`t0`.`seen`) AS FLOAT64), 86400)) AS INT64),
        CAST(NULL AS INT64)
      ) AS `d0`,
      DATE_DIFF(DATE(`t0`.`made`), DATE(1970, 1, 1), DAY) AS `d1`
    FROM `users` AS `t0`
    WHERE
      (
        NOT `t0`.`mail` IS NULL
      ) OR (
        ARRAY_LENGTH(`t0`.`who`.`tags`) > 0
      )
  ) AS `t1`
) AS `t2`
GROUP BY
  1,
  2
