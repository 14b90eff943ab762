//! Writes tuples, lists, dicts and sets, and the items that `__reduce__` gives for the latter.
//!
//! Invariant: what may hold itself is remembered before its items are written; a tuple or frozenset that turns out to hold itself is fetched.

use super::class_name;
use super::opcodes as op;
use super::save::Saver;
use taipan_heap::{Obj, Value};
use taipan_objects::builtins::dict::Dict;
use taipan_objects::builtins::list::List;
use taipan_objects::builtins::set::Set;
use taipan_objects::builtins::tuple::Tuple;
use taipan_objects::types::Type;
use taipan_objects::vm::PyResult;

/// Items that are added at a time.
const BATCH: usize = 1000;

impl Saver<'_> {
    pub(super) fn save_tuple(&mut self, tuple: &Obj<Tuple>) -> PyResult<()> {
        let object = tuple.to_value();
        let items = tuple.items();
        if items.is_empty() {
            self.out.put(if self.binary() { &[op::EMPTY_TUPLE] } else { &[op::MARK, op::TUPLE] });
            return Ok(());
        }
        let short = items.len() <= 3 && self.proto() >= 2;
        if !short {
            self.out.put(&[op::MARK]);
        }
        for (index, item) in items.iter().enumerate() {
            let saved = self.save(item, true);
            saved.map_err(|raised| self.note(raised, format!("when serializing tuple item {index}")))?;
        }
        if let Some(number) = self.memo.find(&object) {
            // It holds itself, and has been written while its items were.
            match (short, self.binary()) {
                (true, _) => (0..items.len()).for_each(|_| self.out.put(&[op::POP])),
                (false, true) => self.out.put(&[op::POP_MARK]),
                (false, false) => (0..=items.len()).for_each(|_| self.out.put(&[op::POP])),
            }
            self.fetch(number);
            return Ok(());
        }
        match (short, items.len()) {
            (true, 1) => self.out.put(&[op::TUPLE1]),
            (true, 2) => self.out.put(&[op::TUPLE2]),
            (true, _) => self.out.put(&[op::TUPLE3]),
            _ => self.out.put(&[op::TUPLE]),
        }
        self.memoize(&object);
        Ok(())
    }

    pub(super) fn save_list(&mut self, list: &Obj<List>) -> PyResult<()> {
        let object = list.to_value();
        self.out.put(if self.binary() { &[op::EMPTY_LIST] } else { &[op::MARK, op::LIST] });
        self.memoize(&object);
        let (single, mut index) = (!self.binary() || list.len() == 1, 0);
        while index < list.len() {
            if !single {
                self.out.put(&[op::MARK]);
            }
            let end = if single { index + 1 } else { index + BATCH };
            while index < end
                && let Some(item) = list.get(index)
            {
                let saved = self.save(&item, true);
                saved.map_err(|raised| self.note(raised, format!("when serializing list item {index}")))?;
                index += 1;
            }
            self.out.put(if single { &[op::APPEND] } else { &[op::APPENDS] });
        }
        Ok(())
    }

    /// The items that `__reduce__` gives for a list.
    pub fn save_appended(&mut self, items: &Value, object: &Value) -> PyResult<()> {
        let vm = self.vm;
        let iterator = vm.iter(items)?;
        let mut index = 0;
        let mut batch: Vec<Value> = Vec::new();
        loop {
            batch.clear();
            while batch.len() < if self.binary() { BATCH } else { 1 }
                && let Some(item) = vm.next(&iterator)?
            {
                batch.push(item);
            }
            let many = batch.len() > 1;
            if many {
                self.out.put(&[op::MARK]);
            }
            for item in &batch {
                let saved = self.save(item, true);
                saved.map_err(|raised| {
                    self.note(raised, format!("when serializing {} item {index}", class_name(vm, object)))
                })?;
                index += 1;
            }
            match batch.len() {
                0 => return Ok(()),
                1 => self.out.put(&[op::APPEND]),
                _ => self.out.put(&[op::APPENDS]),
            }
        }
    }

    /// `object`: whose items they are; a dict's that is not there otherwise.
    pub(super) fn save_pair(&mut self, key: &Value, value: &Value, object: Option<&Value>) -> PyResult<()> {
        self.save(key, true)?;
        let saved = self.save(value, true);
        saved.map_err(|raised| {
            let exception = self.vm.take_exception(raised);
            let shown = self.vm.repr(key);
            match shown {
                Ok(shown) => {
                    let class = object.map_or_else(|| "dict".to_owned(), |object| class_name(self.vm, object));
                    let text = format!("when serializing {class} item {}", shown.to_lossy());
                    self.note(self.vm.restore(exception), text)
                }
                Err(raised) => {
                    drop(self.vm.take_exception(raised));
                    self.vm.restore(exception)
                }
            }
        })
    }

    pub(super) fn save_dict(&mut self, dict: &Obj<Dict>) -> PyResult<()> {
        let object = dict.to_value();
        self.out.put(if self.binary() { &[op::EMPTY_DICT] } else { &[op::MARK, op::DICT] });
        self.memoize(&object);
        let (len, mut position, mut left) = (dict.len(), 0, dict.len());
        let single = !self.binary() || len == 1;
        while left > 0 {
            if !single {
                self.out.put(&[op::MARK]);
            }
            let mut batch = if single { 1 } else { BATCH };
            while batch > 0
                && let Some((key, value)) = dict.next_entry(&mut position)
            {
                self.save_pair(&key, &value, Some(&object))?;
                if dict.len() != len {
                    return Err(self.vm.runtime_error("dictionary changed size during iteration"));
                }
                (batch, left) = (batch - 1, left.saturating_sub(1));
            }
            self.out.put(if single { &[op::SETITEM] } else { &[op::SETITEMS] });
            if batch > 0 && !single {
                break;
            }
        }
        Ok(())
    }

    /// The pairs that `__reduce__` gives for a dict.
    pub fn save_set_items(&mut self, items: &Value, object: &Value) -> PyResult<()> {
        let vm = self.vm;
        let iterator = vm.iter(items)?;
        let mut batch: Vec<Value> = Vec::new();
        loop {
            batch.clear();
            while batch.len() < if self.binary() { BATCH } else { 1 }
                && let Some(item) = vm.next(&iterator)?
            {
                if item.downcast::<Tuple>().is_none_or(|pair| pair.items().len() != 2) {
                    return Err(vm.type_error("dict items iterator must return 2-tuples"));
                }
                batch.push(item);
            }
            if batch.len() > 1 {
                self.out.put(&[op::MARK]);
            }
            for item in &batch {
                if let Some([key, value]) = item.downcast::<Tuple>().map(|pair| pair.items()) {
                    self.save_pair(key, value, Some(object))?;
                }
            }
            match batch.len() {
                0 => return Ok(()),
                1 => self.out.put(&[op::SETITEM]),
                _ => self.out.put(&[op::SETITEMS]),
            }
        }
    }

    fn save_element(&mut self, item: &Value, object: &Value) -> PyResult<()> {
        let saved = self.save(item, true);
        saved.map_err(|raised| self.note(raised, format!("when serializing {} element", class_name(self.vm, object))))
    }

    fn as_list(&mut self, object: &Value, class: &Obj<Type>) -> PyResult<()> {
        let items = List::from_iterable(self.vm, object)?;
        let arguments = Tuple::from_values(self.vm, vec![items.into()])?;
        self.save_reduce(&class.to_value(), &arguments.into(), &[], Some(object))
    }

    pub(super) fn save_set(&mut self, object: &Value, set: &Set) -> PyResult<()> {
        if self.proto() < 4 {
            return self.as_list(object, &self.vm.types().set);
        }
        self.out.put(&[op::EMPTY_SET]);
        self.memoize(object);
        let (len, mut position, mut left) = (set.len(), 0, set.len());
        while left > 0 {
            self.out.put(&[op::MARK]);
            let mut batch = BATCH;
            while batch > 0
                && let Some((_, item)) = set.next_element(&mut position)
            {
                self.save_element(&item, object)?;
                if set.len() != len {
                    return Err(self.vm.runtime_error("set changed size during iteration"));
                }
                (batch, left) = (batch - 1, left.saturating_sub(1));
            }
            self.out.put(&[op::ADDITEMS]);
            if batch > 0 {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn save_frozenset(&mut self, object: &Value, set: &Set) -> PyResult<()> {
        if self.proto() < 4 {
            return self.as_list(object, &self.vm.types().frozenset);
        }
        self.out.put(&[op::MARK]);
        for item in set.snapshot() {
            self.save_element(&item, object)?;
        }
        if let Some(number) = self.memo.find(object) {
            self.out.put(&[op::POP_MARK]);
            self.fetch(number);
            return Ok(());
        }
        self.out.put(&[op::FROZENSET]);
        self.memoize(object);
        Ok(())
    }
}
