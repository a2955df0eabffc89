@echo off
rem On PATH in VS Code terminals: the CLI, run by the Node that VS Code itself carries.
setlocal
set ELECTRON_RUN_AS_NODE=1
if not defined LLMOPS_NODE set LLMOPS_NODE=node
"%LLMOPS_NODE%" "%~dp0..\..\dist\llmops.js" %*
