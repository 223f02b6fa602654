locals {
  # The one place where the table's columns stand; the local SQL reads the same file.
  definition = jsondecode(file("${path.module}/../../table/columns.json"))
  location   = "s3://${module.bucket.name}/${var.table}/"

  # Years are the first four letters of a date, months the first seven.
  projection = {
    day   = { format = "yyyy-MM-dd", unit = "DAYS", letters = 10 }
    month = { format = "yyyy-MM", unit = "MONTHS", letters = 7 }
    year  = { format = "yyyy", unit = "YEARS", letters = 4 }
  }[var.date_granularity]

  tables = {
    # Partitions are added by the crawler.
    (var.table) = {
      description = "Stock-index quotes, one row a record of the Kafka topic; partitions are added by the crawler"
      parameters  = {}
    }
    # Partitions are computed from the query: new files are seen at once. Filter both keys.
    "${var.table}_live" = {
      description = "The same rows without a crawl: filter on index and date, so that few folders are listed"
      parameters = {
        "projection.enabled"            = "true"
        "projection.index.type"         = "enum"
        "projection.index.values"       = join(",", var.indices)
        "projection.date.type"          = "date"
        "projection.date.format"        = local.projection.format
        "projection.date.range"         = "${substr(var.first_date, 0, local.projection.letters)},NOW"
        "projection.date.interval"      = "1"
        "projection.date.interval.unit" = local.projection.unit
        "storage.location.template"     = "${local.location}index=$${index}/date=$${date}/"
      }
    }
  }
}

resource "aws_glue_catalog_database" "this" {
  name        = replace(var.name, "-", "_")
  description = "Stock-index quotes"
}

resource "aws_glue_catalog_table" "this" {
  for_each      = local.tables
  database_name = aws_glue_catalog_database.this.name
  name          = each.key
  description   = each.value.description
  table_type    = "EXTERNAL_TABLE"
  parameters    = merge({ EXTERNAL = "TRUE", classification = "json" }, each.value.parameters)

  storage_descriptor {
    location      = local.location
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    # Hive's SerDe, not OpenX's. On rows as the job writes them both give the same. On others Hive's fails the query,
    # which names the file, where OpenX's gives a row of nulls for a line that is not JSON or is empty, and a null for
    # a number that is none or too large: a lake that is wrong should say so. (A 7.5 as volume is 7 with either.)
    ser_de_info {
      serialization_library = "org.apache.hive.hcatalog.data.JsonSerDe"
    }

    dynamic "columns" {
      for_each = local.definition.columns

      content {
        name    = columns.value.name
        type    = columns.value.type
        comment = columns.value.comment
      }
    }
  }

  dynamic "partition_keys" {
    for_each = local.definition.partition_keys

    content {
      name    = partition_keys.value.name
      type    = partition_keys.value.type
      comment = partition_keys.value.comment
    }
  }
}
