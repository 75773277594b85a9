import ts from "typescript";

/** A place in the source of ARM that refuses something, and the edit that takes this refusal away. */
export interface FoundRule {
  /** From the project's folder. */
  file: string;
  /** Counted from 1. */
  line: number;
  /** The code that refuses, on one line. */
  text: string;
  edit: { start: number; end: number; replacement: string };
}

type Report = (node: ts.Node, replacement: string) => void;

/** Every refusal of a file: what is thrown and each condition for it, limits, expressions, types of values, entries of what is not emulated. */
export function findRules(file: string, source: string): FoundRule[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: FoundRule[] = [];
  const report: Report = (node, replacement) => {
    const start = node.getStart(tree);
    const { line } = tree.getLineAndCharacterOfPosition(start);
    found.push({ file, line: line + 1, text: source.slice(start, node.end).replace(/\s+/g, " "), edit: { start, end: node.end, replacement } });
  };
  const visit = (node: ts.Node): void => {
    refusals(node, report);
    limits(node, report);
    typesOfValues(node, report);
    notEmulated(node, report);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

export function withoutRule(source: string, { edit }: FoundRule): string {
  return source.slice(0, edit.start) + edit.replacement + source.slice(edit.end);
}

/** What is thrown, what leads to it, and calls whose only purpose is to throw. */
function refusals(node: ts.Node, report: Report): void {
  if (ts.isThrowStatement(node) && !isThrownOn(node)) report(node, "{}");
  if (ts.isIfStatement(node)) {
    const last = lastOf(node.thenStatement);
    if (last && refuses(last)) operands(conditionOf(node), ts.SyntaxKind.BarBarToken, (each) => report(each, "false"));
    if (last && ts.isReturnStatement(last) && isFollowedByThrow(node)) operands(node.expression, ts.SyntaxKind.AmpersandAmpersandToken, (each) => report(each, "true"));
    if (last && ts.isReturnStatement(last) && last.expression && makesError(last.expression)) report(last, "{}");
  }
  if (ts.isReturnStatement(node) && node.expression && isQuestion(functionOf(node))) operands(node.expression, ts.SyntaxKind.AmpersandAmpersandToken, (each) => report(each, "true"));
  if (ts.isSpreadElement(node) && isOptionalProblem(node.expression)) report(node, "...[]");
  if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression) && /^(check|require|authorize)/.test(node.expression.expression.getText())) report(node, ";");
}

/** `throw error` in a catch refuses nothing by itself. */
const isThrownOn = ({ expression }: ts.ThrowStatement) => ts.isIdentifier(expression);

function refuses(statement: ts.Statement): boolean {
  if (ts.isThrowStatement(statement)) return !isThrownOn(statement);
  if (!ts.isReturnStatement(statement) || !statement.expression) return false;
  return statement.expression.kind === ts.SyntaxKind.FalseKeyword || /problem/i.test(functionOf(statement)) || makesError(statement.expression);
}

const makesError = (expression: ts.Expression) => /^(new ArmError|notEmulated)\(/.test(expression.getText());

/** The condition itself, or the one that a constant beside it holds. */
function conditionOf({ expression, parent }: ts.IfStatement): ts.Expression {
  if (!ts.isIdentifier(expression) || !ts.isBlock(parent)) return expression;
  const declarations = parent.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) => [...declarationList.declarations]);
  return declarations.find(({ name }) => name.getText() === expression.text)?.initializer ?? expression;
}

function operands(expression: ts.Expression, operator: ts.SyntaxKind, each: (operand: ts.Expression) => void): void {
  const all = flatten(expression, operator);
  if (all.length > 1) all.forEach(each);
}

function flatten(expression: ts.Expression, operator: ts.SyntaxKind): ts.Expression[] {
  const inner = ts.isParenthesizedExpression(expression) ? expression.expression : expression;
  if (!ts.isBinaryExpression(inner) || inner.operatorToken.kind !== operator) return [expression];
  return [...flatten(inner.left, operator), ...flatten(inner.right, operator)];
}

function lastOf(statement: ts.Statement): ts.Statement | undefined {
  return ts.isBlock(statement) ? statement.statements.at(-1) : statement;
}

function isFollowedByThrow(node: ts.IfStatement): boolean {
  if (!ts.isBlock(node.parent)) return false;
  const next = node.parent.statements[node.parent.statements.indexOf(node) + 1];
  return next !== undefined && ts.isThrowStatement(next);
}

/** `isRange` and the like: what has to be true of a value. */
const isQuestion = (name: string) => /^(is|same)[A-Z]/.test(name);

function functionOf(node: ts.Node): string {
  const owner = ts.findAncestor(node, ts.isFunctionDeclaration);
  return owner?.name?.text ?? "";
}

/** `...(wrong ? ["why"] : [])` in a list of problems. */
function isOptionalProblem(expression: ts.Expression): boolean {
  const inner = ts.isParenthesizedExpression(expression) ? expression.expression : expression;
  return ts.isConditionalExpression(inner) && ts.isArrayLiteralExpression(inner.whenTrue) && ts.isArrayLiteralExpression(inner.whenFalse) && inner.whenFalse.elements.length === 0;
}

/** Numbers called `MIN_...` and `MAX_...`, the ends of ranges, and expressions that a value must match. */
function limits(node: ts.Node, report: Report): void {
  if (ts.isRegularExpressionLiteral(node) && ts.isVariableDeclaration(node.parent) && /^[A-Z_]+$/.test(node.parent.name.getText())) report(node, "/^[^]*$/");
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isNumericLiteral(node.initializer)) {
    const [bound] = /^(MIN|MAX)(?=_)/.exec(node.name.getText()) ?? [];
    if (bound) report(node.initializer, bound === "MIN" ? "-Infinity" : "Infinity");
  }
  if (ts.isPropertyAssignment(node) && ts.isNumericLiteral(node.initializer)) {
    const name = node.name.getText();
    if (name === "min" || name === "max") report(node.initializer, name === "min" ? "-Infinity" : "Infinity");
  }
}

const SHAPES = /^("string"|"number"|"integer"|"boolean"|"texts")$/;

/** In a file that says which types the values of a body have: each of them. */
function typesOfValues(node: ts.Node, report: Report): void {
  if (!node.getSourceFile().fileName.endsWith("/shape.ts") || !ts.isStringLiteral(node) || !SHAPES.test(node.getText())) return;
  if (ts.isPropertyAssignment(node.parent) || ts.isArrayLiteralExpression(node.parent)) report(node, '"any"');
}

/** In a table of what is not emulated: each entry. */
function notEmulated(node: ts.Node, report: Report): void {
  if (!ts.isArrayLiteralExpression(node) || !ts.isVariableDeclaration(node.parent)) return;
  if (node.parent.type?.getText() !== "Unsupported[]") return;
  for (const element of node.elements) report(element, "...[]");
}
