output "bucket" {
  description = "Name of the lake's bucket."
  value       = local.bucket.name
}

output "bucket_arn" {
  description = "ARN of the lake's bucket."
  value       = local.bucket.arn
}

output "results_bucket" {
  description = "Name of the bucket with query results."
  value       = module.results.name
}

output "database" {
  description = "Name of the Glue database."
  value       = aws_glue_catalog_database.this.name
}

output "tables" {
  description = "The Glue tables, by name."
  value       = aws_glue_catalog_table.this
}

output "crawler" {
  description = "The crawler."
  value       = aws_glue_crawler.this
}

output "new_files" {
  description = "Where S3 tells the crawler of new files."
  value       = one(aws_s3_bucket_notification.new_files)
}

output "partition_index" {
  description = "The index over the table's partitions."
  value       = aws_glue_partition_index.this
}

output "workgroup" {
  description = "The Athena workgroup."
  value       = aws_athena_workgroup.this
}

output "named_queries" {
  description = "The saved queries, by file name."
  value       = aws_athena_named_query.this
}

output "prepared_statements" {
  description = "The saved queries that take parameters, by file name."
  value       = aws_athena_prepared_statement.this
}

output "policies" {
  description = "Every policy of this part, as JSON."
  value       = concat([aws_iam_role_policy.crawler.policy, module.results.policy], local.bucket.policies)
}

output "boundaries" {
  description = "The permissions boundary of each role of this part."
  value       = [aws_iam_role.crawler.permissions_boundary]
}
