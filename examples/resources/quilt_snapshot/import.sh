# By the snapshot's identifier, in the provider's region:
terraform import quilt_snapshot.move quilt-old-before-the-move

# By its ARN, in any region:
terraform import quilt_snapshot.move arn:aws:rds:eu-central-1:111122223333:snapshot:quilt-old-before-the-move
