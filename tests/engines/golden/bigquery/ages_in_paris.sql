SELECT
  `t2`.`spoke`,
  `t2`.`number`,
  COUNT(*) AS `records`
FROM (
  SELECT
    CASE WHEN `t1`.`f0` = 1 THEN 0 ELSE -1 END AS `spoke`,
    CASE WHEN `t1`.`f0` = 1 THEN `t1`.`d0` ELSE NULL END AS `number`
  FROM (
    SELECT
      IF(NOT `t0`.`made` IS NULL, 1, 0) AS `f0`,
      (
        (
          DATE_DIFF(DATE(`t0`.`made`), DATE(1970, 1, 1), DAY) * 96
        ) + (
          (
            EXTRACT(HOUR FROM `t0`.`made`) * 4
          ) + CAST(FLOOR(IEEE_DIVIDE(EXTRACT(MINUTE FROM `t0`.`made`), 15)) AS INT64)
        )
      ) * 2 AS `d0`
    FROM `users` AS `t0`
  ) AS `t1`
) AS `t2`
GROUP BY
  1,
  2
