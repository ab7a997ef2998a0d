//! Stacks in memory that somebody else made.

use super::Fake;
use crate::cloudformation::stack::Order;
use crate::cloudformation::status::Status;

impl Fake {
    /// A stack that somebody else made.
    pub fn existing(self, name: &str, status: &str) -> Self {
        let mut world = self.world();
        let order = Order { name: name.into(), ..Order::default() };
        world.insert(&order, "of-somebody-else", vec![]);
        world.stacks.get_mut(name).unwrap().stack.status = Status::from(status);
        drop(world);
        self
    }

    /// A stack that somebody else made, with one parameter.
    pub fn using(self, name: &str, parameter: &str, value: &str) -> Self {
        self.having(name, &[(parameter, value)])
    }

    /// The same with more of them.
    pub fn having(self, name: &str, parameters: &[(&str, &str)]) -> Self {
        let fake = self.existing(name, "CREATE_COMPLETE");
        let parameters = parameters.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        fake.world().stacks.get_mut(name).unwrap().stack.parameters = parameters;
        fake
    }

    /// A stack that Service Catalog launched.
    pub fn catalogued(self, name: &str, product: &str) -> Self {
        let fake = self.using(name, "Size", "small");
        fake.world().stacks.get_mut(name).unwrap().stack.provisioned_product = Some(product.into());
        fake
    }

    /// The template of a stack that is there says that it is this.
    pub fn describes(&self, name: &str, description: &str) {
        let mut world = self.world();
        world.stacks.get_mut(name).unwrap().stack.description = Some(description.into());
    }

    /// A stack that is part of another one.
    pub fn nested_in(self, name: &str, parent: &str) -> Self {
        let fake = self.using(name, "Parent", parent);
        fake.world().stacks.get_mut(name).unwrap().stack.nested = true;
        fake
    }
}
