"""CloudFormation's template language: reading it, and resolving what stands in it.

Whatever it does not know is an error. moto resolves an unknown name to nothing and a
skipped condition to a null in a list, which would let a broken template pass.
"""

import functools
import json
import re

import yaml

LONG_FORM = {"Ref": "Ref", "Condition": "Condition"}


class Refused(Exception):
    """What CloudFormation says no to."""


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


def short_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        if suffix == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {LONG_FORM.get(suffix, "Fn::" + suffix): value}


Loader.add_multi_constructor("!", short_form)


@functools.lru_cache(maxsize=256)
def parsed(text):
    return json.dumps(yaml.load(text, Loader))


def load(text):
    return json.loads(parsed(text))


NOTHING = object()  # AWS::NoValue


class Scope:
    """The names that one template's functions may use, and their values."""

    def __init__(self, template, parameters, pseudo, attribute, export):
        self.template = template
        self.pseudo = pseudo
        self.attribute = attribute  # (logical id, attribute or None for Ref) -> value
        self.export = export  # name -> value
        self.parameters = self.filled(parameters)
        self.decided = {}

    def filled(self, given):
        """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html"""
        declared = self.template.get("Parameters", {})
        unknown = sorted(set(given) - set(declared))
        if unknown:
            raise Refused(f"Parameters: {unknown} do not exist in the template")
        values = {}
        for name, slot in declared.items():
            if slot["Type"] not in ("String", "Number", "CommaDelimitedList"):
                raise Refused(f"the mock knows no parameters of the type {slot['Type']}")
            value = given.get(name, slot.get("Default"))
            if isinstance(slot.get("Default"), (int, float)) and name not in given:
                value = str(value)
            if value is None:
                raise Refused(f"Parameters: [{name}] must have values")
            if not isinstance(value, str):
                raise Refused(f"Value of property Parameters must be an object with String properties: {name} is {value!r}")
            if "AllowedValues" in slot and value not in slot["AllowedValues"]:
                raise Refused(f"Parameter '{name}' must be one of AllowedValues")
            if slot["Type"] == "Number" and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
                raise Refused(f"Parameter '{name}' must be a number.")
            values[name] = value.split(",") if slot["Type"] == "CommaDelimitedList" else value
        return values

    def holds(self, condition):
        if condition not in self.decided:
            if condition not in self.template.get("Conditions", {}):
                raise Refused(f"Template format error: Unresolved condition dependency {condition}")
            self.decided[condition] = self.judge(self.template["Conditions"][condition])
        return self.decided[condition]

    def judge(self, test):
        ((function, value),) = test.items()
        match function:
            case "Condition":
                return self.holds(value)
            case "Fn::Equals":
                left, right = (self.resolve(v) for v in value)
                return str(left) == str(right)
            case "Fn::Not":
                return not self.judge(value[0])
            case "Fn::And":
                return all([self.judge(v) for v in value])
            case "Fn::Or":
                return any([self.judge(v) for v in value])
        raise Refused(f"Template error: {function} is no condition")

    def resolve(self, value):
        """The value with every function in it carried out."""
        if isinstance(value, list):
            return [v for v in map(self.resolve, value) if v is not NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((function, argument),) = value.items()
            if function == "Ref":
                return self.ref(argument)
            if function.startswith("Fn::"):
                return self.call(function, argument)
        resolved = {k: self.resolve(v) for k, v in value.items()}
        return {k: v for k, v in resolved.items() if v is not NOTHING}

    def ref(self, name):
        if name == "AWS::NoValue":
            return NOTHING
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        return self.attribute(name, None)

    def call(self, function, argument):
        match function:
            case "Fn::GetAtt":
                name, attribute = argument if isinstance(argument, list) else argument.split(".", 1)
                return self.attribute(name, attribute)
            case "Fn::Sub":
                return self.substitute(argument)
            case "Fn::If":
                condition, then, otherwise = argument
                return self.resolve(then if self.holds(condition) else otherwise)
            case "Fn::Join":
                separator, parts = argument
                return separator.join(self.texts(self.resolve(parts)))
            case "Fn::Split":
                separator, text = argument
                return self.resolve(text).split(separator)
            case "Fn::Select":
                index, values = argument
                return self.resolve(values)[int(self.resolve(index))]
            case "Fn::FindInMap":
                name, first, second = map(self.resolve, argument)
                try:
                    return self.template["Mappings"][name][first][second]
                except KeyError:
                    raise Refused(f"Template error: Unable to get mapping for {name}::{first}::{second}") from None
            case "Fn::ImportValue":
                return self.export(self.resolve(argument))
        raise Refused(f"the mock does not know {function}")

    def substitute(self, argument):
        text, own = argument if isinstance(argument, list) else (argument, {})

        def replaced(match):
            name = match.group(1)
            if name.startswith("!"):
                return "${" + name[1:] + "}"
            if name in own:
                value = self.resolve(own[name])
            elif "." in name:
                value = self.attribute(*name.split(".", 1))
            else:
                value = self.ref(name)
            return self.texts([value])[0]

        return re.sub(r"\$\{([^}]+)\}", replaced, text)

    def texts(self, values):
        for value in values:
            if isinstance(value, (list, dict)) or value is None or value is NOTHING:
                raise Refused(f"Template error: a text is wanted, and this is {value!r}")
        return [str(v) for v in values]


def named(value):
    """The logical ids that a part of a template may name."""
    if isinstance(value, list):
        for v in value:
            yield from named(v)
    elif isinstance(value, dict):
        for key, v in value.items():
            if key == "Ref":
                yield v
            elif key == "Fn::GetAtt":
                yield v[0] if isinstance(v, list) else v.split(".", 1)[0]
            elif key == "Fn::Sub":
                text, own = v if isinstance(v, list) else (v, {})
                for name in re.findall(r"\$\{([^!}][^}]*)\}", text):
                    yield name.split(".", 1)[0]
                yield from named(own)
            else:
                yield from named(v)


def in_order(resources):
    """The logical ids, each behind those that it needs."""
    order, pending = [], set()

    def visit(name):
        if name in order or name not in resources:
            return
        if name in pending:
            raise Refused(f"Circular dependency between resources: {sorted(pending)}")
        pending.add(name)
        depends = resources[name].get("DependsOn", [])
        for other in [depends] if isinstance(depends, str) else depends:
            visit(other)
        for other in named(resources[name].get("Properties", {})):
            visit(other)
        pending.discard(name)
        order.append(name)

    for name in resources:
        visit(name)
    return order
