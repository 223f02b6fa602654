# The crawler has the table as its target: it adds partitions to it and never makes up a table or a type.
resource "aws_glue_crawler" "this" {
  name          = "${var.name}-partitions"
  description   = "Adds new index=…/date=… folders to the table ${var.table} as partitions"
  database_name = aws_glue_catalog_database.this.name
  role          = aws_iam_role.crawler.arn
  schedule      = var.crawler_schedule

  catalog_target {
    database_name = aws_glue_catalog_database.this.name
    tables        = [aws_glue_catalog_table.this[var.table].name]
  }

  schema_change_policy {
    update_behavior = "LOG"
    delete_behavior = "LOG"
  }

  configuration = jsonencode({
    Version       = 1.0
    CrawlerOutput = { Partitions = { AddOrUpdateBehavior = "InheritFromTable" } }
    Grouping      = { TableGroupingPolicy = "CombineCompatibleSchemas" }
  })
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  glue = join(":", ["arn", data.aws_partition.current.partition, "glue", data.aws_region.current.name, data.aws_caller_identity.current.account_id])
  logs = join(":", ["arn", data.aws_partition.current.partition, "logs", data.aws_region.current.name, data.aws_caller_identity.current.account_id])
}

resource "aws_iam_role" "crawler" {
  name_prefix = "${var.name}-crawler-"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "glue.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

# Without glue:UpdateTable, CreateTable and DeleteTable it can't change a column even if someone changed its settings.
resource "aws_iam_role_policy" "crawler" {
  name = "add-partitions"
  role = aws_iam_role.crawler.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "AddPartitions"
        Effect = "Allow"
        Action = [
          "glue:BatchCreatePartition",
          "glue:BatchGetPartition",
          "glue:BatchUpdatePartition",
          "glue:CreatePartition",
          "glue:GetDatabase",
          "glue:GetPartition",
          "glue:GetPartitions",
          "glue:GetTable",
          "glue:GetTables",
          "glue:UpdatePartition",
        ]
        Resource = [
          "${local.glue}:catalog",
          "${local.glue}:database/${aws_glue_catalog_database.this.name}",
          "${local.glue}:table/${aws_glue_catalog_database.this.name}/${var.table}",
        ]
      },
      {
        Sid       = "ListTable"
        Effect    = "Allow"
        Action    = "s3:ListBucket"
        Resource  = module.bucket.arn
        Condition = { StringLike = { "s3:prefix" = [var.table, "${var.table}/*"] } }
      },
      {
        Sid      = "LocateBucket"
        Effect   = "Allow"
        Action   = "s3:GetBucketLocation"
        Resource = module.bucket.arn
      },
      {
        Sid      = "ReadTable"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${module.bucket.arn}/${var.table}/*"
      },
      {
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${local.logs}:log-group:/aws-glue/crawlers*"
      },
    ]
  })
}
