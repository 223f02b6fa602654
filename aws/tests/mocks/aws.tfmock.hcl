# An account and a region that are made up.
mock_data "aws_region" {
  defaults = { name = "eu-central-1" }
}
mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}
mock_data "aws_partition" {
  defaults = { partition = "aws" }
}
mock_data "aws_availability_zones" {
  defaults = { names = ["eu-central-1a", "eu-central-1b", "eu-central-1c"] }
}
mock_data "aws_ec2_instance_type" {
  defaults = { supported_architectures = ["arm64"], default_vcpus = 2, memory_size = 4096 }
}
mock_data "aws_ssm_parameter" {
  defaults = { insecure_value = "ami-0123456789abcdef0" }
}
mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/made-up" }
}
mock_resource "aws_s3_bucket" {
  defaults = { id = "bucket", arn = "arn:aws:s3:::bucket" }
}
mock_resource "aws_network_interface" {
  defaults = { private_ip = "10.71.0.10" }
}
mock_resource "aws_sqs_queue" {
  defaults = { id = "https://sqs.eu-central-1.amazonaws.com/123456789012/new-files", arn = "arn:aws:sqs:eu-central-1:123456789012:new-files" }
}
mock_resource "aws_iam_instance_profile" {
  defaults = { arn = "arn:aws:iam::123456789012:instance-profile/made-up" }
}
mock_resource "aws_launch_template" {
  defaults = { id = "lt-0123456789abcdef0", latest_version = 1 }
}
mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:eu-central-1:123456789012:log-group:made-up" }
}
mock_resource "aws_eip" {
  defaults = { public_dns = "broker.example" }
}
