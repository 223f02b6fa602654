# What must not happen by accident is refused before anything has changed.

variable "brokers" {
  description = "Number of brokers."
  type        = number
}

variable "force_destroy" {
  description = "Whether terraform destroy is meant."
  type        = bool
}

# The number of brokers is what it was in the beginning: controllers that come later elect each other with an empty log,
# and the topics are gone; brokers that go take their disks with them.
resource "terraform_data" "brokers" {
  input = var.brokers

  lifecycle {
    ignore_changes = [input]
  }
}

# Whoever depends on all the rest is the first to be destroyed: a destroy that isn't meant ends here.
resource "terraform_data" "destroy" {
  input = var.force_destroy

  provisioner "local-exec" {
    when    = destroy
    command = self.output ? "true" : "echo 'terraform destroy would delete the lake, Kafka and all their disks; nothing was deleted. If that is meant: terraform apply -var force_destroy=true, then terraform destroy -var force_destroy=true' >&2; exit 1"
  }

  # A destroy that is refused must not forget the number of brokers.
  depends_on = [terraform_data.brokers]
}

output "brokers" {
  description = "The number of brokers that the installation was made with."
  value       = terraform_data.brokers.output
}
