SELECT
  COUNT(*) AS `audience`,
  COUNTIF(`t2`.`given` IS NULL) AS `without`,
  COUNTIF(`t2`.`gone` = 1) AS `withdrawn`
FROM (
  SELECT
    `t1`.`d0` AS `given`,
    IF(
      (
        NOT `t1`.`d0` IS NULL
      )
      AND (
        `t1`.`f1` = 1
      )
      AND NOT (
        COALESCE(
          (
            `t1`.`d0` > `t1`.`d1`
          )
          OR (
            (
              `t1`.`d0` = `t1`.`d1`
            ) AND (
              `t1`.`later` = 1
            )
          ),
          FALSE
        )
      ),
      1,
      0
    ) AS `gone`
  FROM (
    SELECT
      0 AS `later`,
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
      `t0`.`is_on` = TRUE
  ) AS `t1`
) AS `t2`
