# The crawler has the table as its target: it adds partitions to it and never makes up a table or a type.
resource "aws_glue_crawler" "this" {
  name          = "${var.name}-partitions"
  description   = "Adds new index=…/date=… folders to the table ${var.table} as partitions"
  database_name = aws_glue_catalog_database.this.name
  role          = aws_iam_role.crawler.arn
  schedule      = var.crawler_schedule

  # After the first crawl only folders in which S3 has told of a new object are read: the queue keeps that for two weeks. A
  # bucket has one list of whom it tells: on one that is yours it stays as it is, and all folders are read.
  catalog_target {
    database_name   = aws_glue_catalog_database.this.name
    tables          = [aws_glue_catalog_table.this[var.table].name]
    event_queue_arn = one(aws_sqs_queue.new_files[*].arn)
  }

  recrawl_policy {
    recrawl_behavior = local.told ? "CRAWL_EVENT_MODE" : "CRAWL_EVERYTHING"
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

resource "aws_sqs_queue" "new_files" {
  count                     = local.told ? 1 : 0
  name_prefix               = "${var.name}-new-files-"
  message_retention_seconds = 14 * 86400
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_policy" "new_files" {
  count     = local.told ? 1 : 0
  queue_url = aws_sqs_queue.new_files[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TheLakeTells"
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.new_files[0].arn
      Condition = {
        ArnEquals    = { "aws:SourceArn" = local.bucket.arn }
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      }
    }]
  })
}

resource "aws_s3_bucket_notification" "new_files" {
  count  = local.told ? 1 : 0
  bucket = local.bucket.name

  queue {
    queue_arn     = aws_sqs_queue.new_files[0].arn
    events        = ["s3:ObjectCreated:*"]
    filter_prefix = "${var.prefix}/"
  }

  depends_on = [aws_sqs_queue_policy.new_files]
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  told = var.existing_bucket == null
  glue = join(":", ["arn", data.aws_partition.current.partition, "glue", data.aws_region.current.name, data.aws_caller_identity.current.account_id])
  logs = join(":", ["arn", data.aws_partition.current.partition, "logs", data.aws_region.current.name, data.aws_caller_identity.current.account_id])
}

locals {
  # What a crawl by events asks for, in AWS's words.
  hear_statement = {
    Sid    = "HearOfNewFiles"
    Effect = "Allow"
    Action = [
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:ListDeadLetterSourceQueues",
      "sqs:ListQueueTags",
      "sqs:PurgeQueue",
      "sqs:ReceiveMessage",
      "sqs:SetQueueAttributes",
    ]
    Resource = one(aws_sqs_queue.new_files[*].arn)
  }

  key_statement = {
    Sid      = "ReadWithKey"
    Effect   = "Allow"
    Action   = "kms:Decrypt"
    Resource = var.kms_key_arn
  }
}

resource "aws_iam_role" "crawler" {
  name_prefix          = "${var.name}-crawler-"
  permissions_boundary = var.permissions_boundary_arn
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
    Statement = concat(local.told ? [local.hear_statement] : [], var.kms_key_arn == null ? [] : [local.key_statement], [
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
        Resource  = local.bucket.arn
        Condition = { StringLike = { "s3:prefix" = [var.prefix, "${var.prefix}/*"] } }
      },
      {
        Sid      = "LocateBucket"
        Effect   = "Allow"
        Action   = "s3:GetBucketLocation"
        Resource = local.bucket.arn
      },
      {
        Sid      = "ReadTable"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = "${local.bucket.arn}/${var.prefix}/*"
      },
      {
        Sid      = "WriteLog"
        Effect   = "Allow"
        Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${local.logs}:log-group:/aws-glue/crawlers*"
      },
    ])
  })
}
