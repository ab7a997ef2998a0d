//! The `network`, `database` and `search` objects of a `quilt_stack`.

use crate::attributes;
use crate::tf::Value;

attributes! {
    /// The network of a deployment: a whole `quilt_network`, or an object with the ids of an existing one. Which members are needed depends
    /// on the template: the plan says what is missing. Members that the template does not take are not sent.
    pub struct NetworkInput {
        /// The VPC.
        vpc_id: String = Optional;
        /// Two subnets for services, with a route to AWS.
        private_subnet_ids: Vec<Value<String>> = Optional;
        /// Two subnets for an internet-facing load balancer.
        public_subnet_ids: Vec<Value<String>> = Optional;
        /// Two subnets for database and search, without a route out.
        intra_subnet_ids: Vec<Value<String>> = Optional;
        /// Two subnets for an internal load balancer.
        user_subnet_ids: Vec<Value<String>> = Optional;
        /// The security group that lets users in on 443 and 80.
        user_security_group_id: String = Optional;
        /// The `execute-api` endpoint of an internal network.
        api_gateway_endpoint_id: String = Optional;
        /// Whether users reach it from inside only. When not given, `user_subnet_ids` tells.
        internal: bool = Optional;
    }
}

attributes! {
    /// The database of a deployment: a whole `quilt_database`, or an object with what leads to another one.
    pub struct DatabaseInput {
        /// Its host name, without a port.
        endpoint: String = Optional;
        /// Its port. Default: 5432.
        port: i64 = Optional;
        /// The user. Default: the one in the secret.
        username: String = Optional;
        /// Name of the database inside. Default: `quilt`.
        database_name: String = Optional;
        /// ARN of the secret that holds user and password, as JSON with `username` and `password`.
        password_secret_arn: String = Optional;
        /// The security group whose members may reach it.
        accessor_security_group_id: String = Optional;
    }
}

attributes! {
    /// The search domain of a deployment: a whole `quilt_search`, or an object with what leads to another one.
    pub struct SearchInput {
        /// ARN of the domain.
        domain_arn: String = Optional;
        /// Its host name. A scheme is dropped.
        endpoint: String = Optional;
        /// The security group whose members may reach it.
        accessor_security_group_id: String = Optional;
    }
}
