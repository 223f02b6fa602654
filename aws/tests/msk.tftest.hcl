# Beside an MSK cluster with IAM, with the provider mocked.

mock_provider "aws" {
  source = "./tests/mocks"
}

override_data {
  target = module.quotelake.data.aws_subnet.theirs
  values = { id = "subnet-1", vpc_id = "vpc-theirs", availability_zone = "eu-central-1a" }
}

variables {
  cluster_arn             = "arn:aws:kafka:eu-central-1:123456789012:cluster/quotes/0123-4567"
  bootstrap_servers       = "b-1.quotes.example:9098,b-2.quotes.example:9098"
  kafka_security_group_id = "sg-theirs"
  vpc_id                  = "vpc-theirs"
  subnet_ids              = ["subnet-1"]
  force_destroy           = true
  # Any file stands for the jar: nothing reads it here.
  job_jar = "./table/columns.json"
}

run "job_and_producer_may_do_what_they_need_and_no_more" {
  module {
    source = "./examples/msk"
  }
  assert {
    condition = alltrue([
      for statement in concat(jsondecode(output.job_policy).Statement, jsondecode(output.producer_policy).Statement) :
      !strcontains(join(" ", statement.Action), "*") && startswith(statement.Resource, "arn:aws:kafka:eu-central-1:123456789012:")
    ])
    error_message = "A statement allows more than it names."
  }
  assert {
    condition = toset([for statement in jsondecode(output.job_policy).Statement : statement.Resource if contains(statement.Action, "kafka-cluster:WriteData")]) == toset([
      "arn:aws:kafka:eu-central-1:123456789012:topic/quotes/0123-4567/stock_market.dead-letters",
    ])
    error_message = "The job may write to a topic other than that of its dead letters."
  }
  assert {
    condition     = contains(flatten([for statement in jsondecode(output.job_policy).Statement : statement.Action]), "kafka-cluster:DescribeClusterDynamicConfiguration")
    error_message = "On a provisioned cluster the job asks for the longest transaction."
  }
}

run "serverless_shows_no_settings_of_its_brokers" {
  command = plan
  module {
    source = "./examples/msk"
  }
  variables {
    serverless = true
  }
  assert {
    condition     = !contains(flatten([for statement in jsondecode(output.job_policy).Statement : statement.Action]), "kafka-cluster:DescribeClusterDynamicConfiguration")
    error_message = "MSK Serverless knows no such action."
  }
}

run "another_arn_is_refused" {
  command = plan
  module {
    source = "./examples/msk"
  }
  variables {
    cluster_arn = "quotes"
  }
  expect_failures = [var.cluster_arn]
}
