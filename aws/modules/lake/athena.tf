resource "aws_athena_workgroup" "this" {
  name          = var.name
  description   = "Queries on stock-index quotes"
  force_destroy = var.force_destroy

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.scan_limit_bytes

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location = "s3://${module.results.name}/queries/"

      encryption_configuration {
        encryption_option = var.kms_key_arn == null ? "SSE_S3" : "SSE_KMS"
        kms_key_arn       = var.kms_key_arn
      }
    }
  }
}

# Each file begins with comment lines that say what it answers: they become the description.
resource "aws_athena_named_query" "this" {
  for_each    = fileset("${path.module}/../../sql", "*.sql")
  name        = trimsuffix(each.key, ".sql")
  description = trimprefix(split("\n", file("${path.module}/../../sql/${each.key}"))[0], "-- ")
  workgroup   = aws_athena_workgroup.this.id
  database    = aws_glue_catalog_database.this.name
  query       = file("${path.module}/../../sql/${each.key}")
}

# A file that takes parameters is a prepared statement too: EXECUTE name USING 'value', ... in the order of its comment.
resource "aws_athena_prepared_statement" "this" {
  for_each        = toset([for name in fileset("${path.module}/../../sql", "*.sql") : name if strcontains(file("${path.module}/../../sql/${name}"), "-- Parameters: ")])
  name            = trimsuffix(each.key, ".sql")
  description     = trimprefix(regex("-- Parameters: [^\n]*", file("${path.module}/../../sql/${each.key}")), "-- ")
  workgroup       = aws_athena_workgroup.this.id
  query_statement = file("${path.module}/../../sql/${each.key}")
}
