import type { Capabilities, CatalogueEntry } from './capabilities.ts';

/*
 * Sources: the types of openai 7.57 and @anthropic-ai/sdk 1.12, the context windows of genai-prices, and the
 * providers' model pages. What none of them says is left out. The first matching entry counts.
 */

const RANGE_2 = { min: 0, max: 2 };
const RANGE_1 = { min: 0, max: 1 };

/** OpenAI's reasoning models refuse sampling parameters and stop sequences. */
const OPENAI_REASONING: Capabilities = {
  temperature: false,
  topP: false,
  topK: false,
  stopSequences: false,
  seed: false,
  structuredOutput: true,
  images: true,
  pdf: true,
  tools: true,
  api: 'responses',
};
const OPENAI_CHAT: Capabilities = {
  temperature: RANGE_2,
  topP: true,
  topK: false,
  seed: true,
  stopSequences: 4,
  structuredOutput: true,
  images: true,
  pdf: true,
  tools: true,
  reasoningEfforts: [],
  api: 'chat',
};
/** They accept sampling parameters as long as they do not reason. */
const OPENAI_OPTIONAL_REASONING: Capabilities = {
  ...OPENAI_REASONING,
  temperature: 'without-reasoning',
  topP: 'without-reasoning',
  defaultEffort: 'none',
  reasoningEfforts: ['none', 'low', 'medium', 'high', 'xhigh'],
};
const OPENAI_O: Capabilities = {
  ...OPENAI_REASONING,
  contextWindow: 200_000,
  maxOutputTokens: 100_000,
  defaultEffort: 'medium',
  reasoningEfforts: ['low', 'medium', 'high'],
};
const OPENAI_UNSTRUCTURED: Capabilities = { ...OPENAI_CHAT, structuredOutput: false };
const OPENAI_TEXT: Capabilities = { ...OPENAI_UNSTRUCTURED, images: false, pdf: false };
const LARGE = { contextWindow: 1_050_000, maxOutputTokens: 128_000 };
const MEDIUM = { contextWindow: 400_000, maxOutputTokens: 128_000 };
const SMALL = { contextWindow: 128_000, maxOutputTokens: 16_384 };
const SMALL_WITH_SHORT_OUTPUT = { contextWindow: 128_000, maxOutputTokens: 4_096 };

const OPENAI: CatalogueEntry[] = [
  {
    pattern: /^gpt-6(\.\d)?-(astra|sol|terra)/,
    can: {
      ...OPENAI_REASONING,
      ...LARGE,
      reasoningEfforts: ['low', 'medium', 'high', 'xhigh', 'max'],
      defaultEffort: 'medium',
    },
  },
  { pattern: /^gpt-6(\.\d)?-/, can: { ...OPENAI_REASONING, ...LARGE } },
  { pattern: /^gpt-5\.6/, can: { ...OPENAI_REASONING, ...LARGE, defaultEffort: 'medium' } },
  { pattern: /^gpt-5\.5/, can: { ...OPENAI_REASONING, contextWindow: 1_000_000, maxOutputTokens: 128_000 } },
  { pattern: /^gpt-5[.\d]*-chat/, can: { ...OPENAI_CHAT, ...SMALL } },
  { pattern: /^gpt-5(\.\d)?-pro/, can: OPENAI_REASONING },
  { pattern: /^gpt-5\.4(-mini|-nano)/, can: { ...OPENAI_OPTIONAL_REASONING, ...MEDIUM } },
  { pattern: /^gpt-5\.4/, can: { ...OPENAI_OPTIONAL_REASONING, ...LARGE } },
  { pattern: /^gpt-5\.2(?!-codex)/, can: { ...OPENAI_OPTIONAL_REASONING, ...MEDIUM } },
  {
    pattern: /^gpt-5\.1(?!-codex|-mini)/,
    can: { ...OPENAI_OPTIONAL_REASONING, ...MEDIUM, reasoningEfforts: ['none', 'low', 'medium', 'high'] },
  },
  {
    pattern: /^gpt-5(-mini|-nano)?(-\d{4}-\d{2}-\d{2})?$/,
    can: {
      ...OPENAI_REASONING,
      ...MEDIUM,
      defaultEffort: 'medium',
      reasoningEfforts: ['minimal', 'low', 'medium', 'high'],
    },
  },
  { pattern: /^gpt-5(\.\d)?-codex/, can: { ...OPENAI_REASONING, ...MEDIUM } },
  { pattern: /^(o1|o3|o4-mini)(-\d{4}-\d{2}-\d{2})?$/, can: OPENAI_O },
  { pattern: /^o3-mini/, can: { ...OPENAI_O, images: false } },
  { pattern: /^gpt-4\.1/, can: { ...OPENAI_CHAT, contextWindow: 1_000_000, maxOutputTokens: 32_768 } },
  {
    pattern: /^gpt-4o-(audio|realtime|search|transcribe)|^gpt-4o-mini-(audio|realtime|search|transcribe|tts)/,
    can: {},
  },
  { pattern: /^gpt-4o-2024-05-13/, can: { ...OPENAI_UNSTRUCTURED, ...SMALL_WITH_SHORT_OUTPUT } },
  { pattern: /^(gpt-4o|chatgpt-4o)/, can: { ...OPENAI_CHAT, ...SMALL } },
  { pattern: /^gpt-4-turbo/, can: { ...OPENAI_UNSTRUCTURED, ...SMALL_WITH_SHORT_OUTPUT } },
  { pattern: /^gpt-4(-\d{4})?$/, can: { ...OPENAI_TEXT, contextWindow: 8_192 } },
  { pattern: /^gpt-3\.5-turbo|^gpt-35-turbo/, can: { ...OPENAI_TEXT, contextWindow: 16_385, maxOutputTokens: 4_096 } },
];

const CLAUDE: Capabilities = { images: true, pdf: true, tools: true, seed: false };
const CLAUDE_SAMPLING = { temperature: RANGE_1, topP: true, topK: true };
/** From Opus 4.7 on, sampling parameters are gone. */
const CLAUDE_NEW: Capabilities = {
  ...CLAUDE,
  temperature: false,
  topP: false,
  topK: false,
  structuredOutput: true,
  thinking: 'adaptive',
  contextWindow: 1_000_000,
  maxOutputTokens: 128_000,
};
const ALL_EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
const OPTIONAL_EFFORTS = ['none', ...ALL_EFFORTS] as const;

const ANTHROPIC: CatalogueEntry[] = [
  { pattern: /^claude-(fable|mythos)-5/, can: { ...CLAUDE_NEW, reasoningEfforts: ALL_EFFORTS, defaultEffort: 'high' } },
  { pattern: /^claude-opus-5-5/, can: { ...CLAUDE_NEW, reasoningEfforts: ALL_EFFORTS, defaultEffort: 'medium' } },
  {
    pattern: /^claude-(opus|sonnet)-5/,
    can: { ...CLAUDE_NEW, reasoningEfforts: OPTIONAL_EFFORTS, defaultEffort: 'high' },
  },
  { pattern: /^claude-haiku-5-5/, can: { ...CLAUDE_NEW, reasoningEfforts: OPTIONAL_EFFORTS, defaultEffort: 'medium' } },
  { pattern: /^claude-opus-4-[78]/, can: { ...CLAUDE_NEW, reasoningEfforts: OPTIONAL_EFFORTS, defaultEffort: 'none' } },
  {
    pattern: /^claude-(opus|sonnet)-4-6/,
    can: {
      ...CLAUDE,
      ...CLAUDE_SAMPLING,
      oneSampler: true,
      structuredOutput: true,
      thinking: 'adaptive',
      contextWindow: 1_000_000,
      maxOutputTokens: 64_000,
      reasoningEfforts: ['none', 'low', 'medium', 'high', 'max'],
      defaultEffort: 'none',
    },
  },
  {
    pattern: /^claude-(opus|sonnet|haiku)-4-5/,
    can: {
      ...CLAUDE,
      ...CLAUDE_SAMPLING,
      oneSampler: true,
      structuredOutput: true,
      thinking: 'budget',
      contextWindow: 200_000,
      maxOutputTokens: 64_000,
      defaultEffort: 'none',
    },
  },
  {
    pattern: /^claude-(opus-4-1|opus-4|sonnet-4|3-7-sonnet)/,
    can: {
      ...CLAUDE,
      ...CLAUDE_SAMPLING,
      structuredOutput: false,
      thinking: 'budget',
      contextWindow: 200_000,
      maxOutputTokens: 32_000,
      defaultEffort: 'none',
    },
  },
  {
    pattern: /^claude-3/,
    can: {
      ...CLAUDE,
      ...CLAUDE_SAMPLING,
      structuredOutput: false,
      thinking: false,
      contextWindow: 200_000,
      maxOutputTokens: 4_096,
      reasoningEfforts: [],
    },
  },
];

const GEMINI: Capabilities = {
  temperature: RANGE_2,
  topP: true,
  topK: true,
  seed: true,
  stopSequences: 5,
  structuredOutput: true,
  images: true,
  pdf: true,
  tools: true,
  contextWindow: 1_048_576,
  maxOutputTokens: 65_536,
};

const GOOGLE: CatalogueEntry[] = [
  { pattern: /^gemini-.*(image|tts|live|audio|embedding)/, can: {} },
  {
    pattern: /^gemini-3(\.\d)?-pro/,
    can: { ...GEMINI, reasoningEfforts: ['low', 'medium', 'high'], defaultEffort: 'high' },
  },
  { pattern: /^gemini-3(\.\d)?-flash/, can: { ...GEMINI, reasoningEfforts: ['minimal', 'low', 'medium', 'high'] } },
  { pattern: /^gemini-2\.5-pro/, can: { ...GEMINI, reasoningEfforts: ['minimal', 'low', 'medium', 'high'] } },
  { pattern: /^gemini-2\.5-flash/, can: { ...GEMINI, reasoningEfforts: ['none', 'minimal', 'low', 'medium', 'high'] } },
  { pattern: /^gemini-2\.0/, can: { ...GEMINI, maxOutputTokens: 8_192, reasoningEfforts: [] } },
];

const DEMO_MODEL: Capabilities = {
  temperature: RANGE_2,
  topP: true,
  topK: true,
  seed: true,
  structuredOutput: true,
  images: true,
  pdf: true,
  tools: true,
  maxOutputTokens: 32_000,
};
const DEMO: CatalogueEntry[] = [
  { pattern: /^swift$/, can: { ...DEMO_MODEL, contextWindow: 32_000, reasoningEfforts: [] } },
  { pattern: /^balanced$/, can: { ...DEMO_MODEL, contextWindow: 128_000, reasoningEfforts: [] } },
  {
    pattern: /^thorough$/,
    can: {
      ...DEMO_MODEL,
      contextWindow: 200_000,
      reasoningEfforts: ['none', 'low', 'medium', 'high'],
      defaultEffort: 'medium',
    },
  },
  { pattern: /^echo$/, can: { ...DEMO_MODEL, contextWindow: 1_000_000, reasoningEfforts: [] } },
];

export const CATALOGUE = { openai: OPENAI, anthropic: ANTHROPIC, google: GOOGLE, demo: DEMO };
