locals {
  # The one place where the table's columns stand; the local SQL reads the same file.
  definition = jsondecode(file("${path.module}/../../table/columns.json"))
  location   = "s3://${local.bucket.name}/${var.prefix}/"

  # Days are a range, a day longer than UTC's today: in Tokyo the next one has begun. Months and years are lists: Trino, on
  # which this is proven, steps by days at most.
  years = range(tonumber(substr(var.first_date, 0, 4)), var.last_year + 1)
  projection = {
    day = {
      "projection.date.type"          = "date"
      "projection.date.format"        = "yyyy-MM-dd"
      "projection.date.range"         = "${var.first_date},NOW+1DAYS"
      "projection.date.interval"      = "1"
      "projection.date.interval.unit" = "DAYS"
    }
    month = {
      "projection.date.type"   = "enum"
      "projection.date.values" = join(",", flatten([for year in local.years : [for month in range(1, 13) : format("%d-%02d", year, month)]]))
    }
    year = {
      "projection.date.type"   = "enum"
      "projection.date.values" = join(",", local.years)
    }
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
      parameters = merge(local.projection, {
        "projection.enabled"        = "true"
        "projection.index.type"     = "enum"
        "projection.index.values"   = join(",", var.indices)
        "storage.location.template" = "${local.location}index=$${index}/date=$${date}/"
      })
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

# A query with a filter on the keys asks Glue for those partitions only, and not for all of 100,000.
resource "aws_glue_partition_index" "this" {
  database_name = aws_glue_catalog_database.this.name
  table_name    = aws_glue_catalog_table.this[var.table].name

  partition_index {
    index_name = "index_date"
    keys       = ["index", "date"]
  }
}
