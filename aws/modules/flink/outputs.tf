output "instance" {
  description = "The host."
  value       = aws_instance.this
}

output "settings" {
  description = "What the host is told."
  value       = local.settings
}

output "artifacts" {
  description = "What the artifact bucket is filled with, by key."
  value       = aws_s3_object.artifact
}

output "ingress_rules" {
  description = "What this part lets in: the job at the brokers, nothing at the host."
  value       = [aws_vpc_security_group_ingress_rule.kafka]
}

output "policies" {
  description = "Every policy of this part, as JSON."
  value       = [aws_iam_role_policy.this.policy, module.artifacts.policy]
}
